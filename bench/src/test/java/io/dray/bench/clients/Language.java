package io.dray.bench.clients;

import io.dray.core.testing.Requires;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The languages that an example agent is written in, and how its programs are started. */
enum Language {
    PYTHON("examples/python", "agent.py", "ask.py", "vectors_test.py"),
    NODE("examples/node", "agent.mjs", "ask.mjs", "vectors.test.mjs"),
    /** With the SDK; its vectors are tested where the generated classes are. */
    JAVA("examples/java", "src/main/java/io/dray/examples/shout/Shout.java", "", "");

    /** Those with nothing but the contract. */
    static final String PLAIN = "PYTHON|NODE";

    private static final String JAVA_AGENT = "io.dray.examples.shout.Shout";

    private final String folder;
    private final String agent;
    private final String asker;
    private final String vectors;

    Language(String folder, String agent, String asker, String vectors) {
        this.folder = folder;
        this.agent = agent;
        this.asker = asker;
        this.vectors = vectors;
    }

    /** Starts the agent; skips the test when the language is not installed. */
    Program serve(String sidecar, String name) {
        return start(sidecar, starting(agent), "serve", name);
    }

    /** Starts what asks for upper case; skips the test when the language is not installed. */
    Program ask(String sidecar, String... words) {
        List<String> command = starting(asker);
        if (this == JAVA) {
            command.add("request");
        }
        return start(sidecar, command, words);
    }

    /** Starts the test of the vectors; skips the test when the language is not installed. */
    Program vectors() {
        return start("", starting(vectors));
    }

    /** Returns the one file that is the agent. */
    Path agentFile() {
        return folder().resolve(agent);
    }

    private Program start(String sidecar, List<String> command, String... words) {
        command.addAll(List.of(words));
        return Program.start(command, folder(), sidecar);
    }

    private List<String> starting(String script) {
        return switch (this) {
            case PYTHON -> new ArrayList<>(List.of(PythonStubs.python().toString(), script));
            case NODE -> new ArrayList<>(List.of(Requires.node().toString(), script));
            case JAVA -> new ArrayList<>(Program.java(JAVA_AGENT));
        };
    }

    private Path folder() {
        return Requires.repository().resolve(folder);
    }
}
