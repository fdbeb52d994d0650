package io.dray.bench.profile;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * async-profiler's library, put into running JVMs of this machine. Samples the stack of every thread that is on a core,
 * those of the JVM itself too, 1,000 times a second. Used by one thread.
 */
final class Sampler {
    /** The first sees into the kernel, where perf_event is allowed; the second works everywhere on Linux. */
    private static final List<String> EVENTS = List.of("cpu-clock", "ctimer");

    private static final String INTERVAL = "1ms";

    private final Path library;
    private @Nullable String event;

    private Sampler(Path library) {
        this.library = library;
    }

    /**
     * Puts the library for this machine into a file.
     *
     * @param folder an existing one
     * @return the sampler
     * @throws IOException when it cannot be written, or there is none for this machine
     */
    static Sampler unpack(Path folder) throws IOException {
        String name = resource(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        Path library = folder.resolve("libasyncProfiler.so");
        try (InputStream file = Sampler.class.getResourceAsStream("/" + name)) {
            if (file == null) {
                throw new IOException("machine: " + name + " (expected: one that async-profiler knows, linux-x64 or"
                        + " linux-arm64)");
            }
            Files.copy(file, library);
        }
        return new Sampler(library);
    }

    static String resource(String system, String processor) {
        String os = system.toLowerCase(Locale.ROOT).contains("linux") ? "linux" : system.replace(' ', '-');
        String cpu = switch (processor) {
            case "amd64", "x86_64" -> "x64";
            case "aarch64", "arm64" -> "arm64";
            default -> processor;
        };
        return os + "-" + cpu + "/libasyncProfiler.so";
    }

    /** How it samples; empty before the first start. */
    String event() {
        return event == null ? "" : event;
    }

    /** Loads the library, so that code compiled from now on tells its lines and inlined methods. */
    void load(long pid) {
        tell(pid, "version" + answers());
    }

    void start(long pid) {
        if (event != null) {
            tell(pid, start(event));
            return;
        }
        for (String candidate : EVENTS) {
            try {
                tell(pid, start(candidate));
                event = candidate;
                return;
            } catch (IllegalStateException e) {
                if (candidate.equals(EVENTS.getLast())) {
                    throw e;
                }
            }
        }
    }

    /** Stops and writes collapsed stacks, each below the name of its thread. */
    void stop(long pid, Path file) {
        tell(pid, "stop,file=" + file + ",collapsed,threads");
    }

    private String start(String candidate) {
        return "start,event=" + candidate + ",interval=" + INTERVAL + answers();
    }

    /** Without a file it answers on the process's standard output, which is for READY and results. */
    private String answers() {
        return ",file=" + library.resolveSibling("answers") + ",log=" + library.resolveSibling("log");
    }

    private void tell(long pid, String words) {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                machine.loadAgentPath(library.toString(), words);
            } finally {
                machine.detach();
            }
        } catch (IOException | AgentLoadException | AgentInitializationException | AttachNotSupportedException e) {
            throw new IllegalStateException("process " + pid + " cannot be told '" + words + "': " + e, e);
        }
    }
}
