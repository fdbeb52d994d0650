package io.dray.core.config;

import java.util.List;

/** A configuration that cannot be used, with all its problems, one per line. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /** Makes the exception of one or more problems; of what would move a terminal's cursor only a sign is kept. */
    public ConfigException(List<String> problems) {
        super(String.join("\n", plain(problems)));
        this.problems = plain(problems);
    }

    private static List<String> plain(List<String> problems) {
        return problems.stream()
                .map(problem -> problem.replaceAll("\\p{Cntrl}", "\uFFFD"))
                .toList();
    }

    /** Returns the problems, each a sentence with key, value and expectation. */
    public List<String> problems() {
        return problems;
    }
}
