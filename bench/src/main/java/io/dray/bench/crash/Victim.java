package io.dray.bench.crash;

import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.Jvm;
import io.dray.bench.mesh.LocalMesh;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process that the kill script may kill and start again. */
interface Victim {
    /** Router, sidecar or agent, for the report. */
    String kind();

    Child child();

    void start() throws IOException;

    static Victim router(LocalMesh mesh) {
        return new Victim() {
            @Override
            public String kind() {
                return "router";
            }

            @Override
            public Child child() {
                return mesh.router();
            }

            @Override
            public void start() throws IOException {
                mesh.startRouter();
            }
        };
    }

    static Victim sidecar(LocalMesh mesh, String node) {
        return new Victim() {
            @Override
            public String kind() {
                return "sidecar";
            }

            @Override
            public Child child() {
                return mesh.sidecar(node);
            }

            @Override
            public void start() throws IOException {
                mesh.startSidecar(node);
            }
        };
    }

    /** An agent process that is not running yet. */
    static Agent agent(String name, Class<?> main, List<String> args, Path logs) {
        return new Agent(name, main, args, logs);
    }

    /** A child process of the harness itself. */
    final class Agent implements Victim, AutoCloseable {
        private static final Duration START = Duration.ofSeconds(40);

        private final String name;
        private final Class<?> main;
        private final List<String> args;
        private final Path logs;
        private @Nullable Child child;

        private Agent(String name, Class<?> main, List<String> args, Path logs) {
            this.name = name;
            this.main = main;
            this.args = args;
            this.logs = logs;
        }

        @Override
        public String kind() {
            return "agent";
        }

        @Override
        public Child child() {
            if (child == null) {
                throw new IllegalStateException(name + " was never started");
            }
            return child;
        }

        @Override
        public void start() throws IOException {
            child = Jvm.start(name, main, args, logs);
            child.ready(START);
        }

        @Override
        public void close() {
            if (child != null) {
                child.close();
            }
        }
    }
}
