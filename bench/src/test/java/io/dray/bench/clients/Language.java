package io.dray.bench.clients;

import io.dray.core.testing.Requires;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The languages that an example agent is written in, and how its programs are started. */
enum Language {
    PYTHON("examples/python", "agent.py", "vectors_test.py"),
    NODE("examples/node", "agent.mjs", "vectors.test.mjs");

    private final String folder;
    private final String agent;
    private final String vectors;

    Language(String folder, String agent, String vectors) {
        this.folder = folder;
        this.agent = agent;
        this.vectors = vectors;
    }

    /** Starts the agent; skips the test when the language is not installed. */
    Program agent(String sidecar, String... words) {
        return start(agent, sidecar, words);
    }

    /** Starts the test of the vectors; skips the test when the language is not installed. */
    Program vectors() {
        return start(vectors, "");
    }

    /** Returns the one file that is the agent. */
    Path agentFile() {
        return folder().resolve(agent);
    }

    private Program start(String script, String sidecar, String... words) {
        List<String> command = new ArrayList<>(List.of(interpreter().toString(), script));
        command.addAll(List.of(words));
        return Program.start(command, folder(), sidecar);
    }

    private Path interpreter() {
        return switch (this) {
            case PYTHON -> PythonStubs.python();
            case NODE -> Requires.node();
        };
    }

    private Path folder() {
        return Requires.repository().resolve(folder);
    }
}
