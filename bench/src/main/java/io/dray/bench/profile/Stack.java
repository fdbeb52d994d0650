package io.dray.bench.profile;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One distinct stack of a thread and how often it was seen.
 *
 * @param thread its name; empty when the profiler does not tell
 * @param frames from the thread's entry to what it was in
 * @param samples at least 1
 */
record Stack(String thread, List<String> frames, long samples) {
    private static final Pattern LAMBDA = Pattern.compile("\\$\\$Lambda[./]0x[0-9a-f]+");
    private static final Pattern HIDDEN = Pattern.compile("(LambdaForm\\$\\w+)[.+]0x[0-9a-f]+");
    /** Libraries that were unpacked from a jar have a number in their names that differs in every run. */
    private static final Pattern LIBRARY = Pattern.compile("(?:.*/)?(lib\\w+?)\\d*\\.so(?: \\(deleted\\))?");

    private static final Pattern THREAD = Pattern.compile("\\[(.*?)(?: tid=\\d+)?]");

    /** Copies the list. */
    Stack {
        frames = List.copyOf(frames);
    }

    /**
     * Reads a line of collapsed stacks: {@code [thread tid=1];frame;frame 12}.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Stack parse(String line) {
        int end = line.lastIndexOf(' ');
        if (end <= 0) {
            throw new IllegalArgumentException("stack: " + line + " (expected: frames joined by ; and a count)");
        }
        List<String> frames = List.of(line.substring(0, end).split(";")).stream()
                .map(Stack::name)
                .toList();
        var thread = THREAD.matcher(frames.getFirst());
        boolean named = thread.matches() && frames.size() > 1;
        return new Stack(
                named ? thread.group(1) : "",
                named ? frames.subList(1, frames.size()) : frames,
                Long.parseLong(line.substring(end + 1)));
    }

    /** In the form of {@link #parse}, without the thread's number. */
    String text() {
        String stack = String.join(";", frames);
        return (thread.isEmpty() ? stack : "[" + thread + "];" + stack) + " " + samples;
    }

    /** Classes with dots as people write them; lambdas without the address that differs in every run. */
    private static String name(String frame) {
        String plain =
                HIDDEN.matcher(LAMBDA.matcher(frame).replaceAll("\\$\\$Lambda")).replaceAll("$1");
        if (plain.contains("::") || plain.startsWith("[")) {
            return plain;
        }
        var copy = LIBRARY.matcher(plain);
        return copy.matches() ? copy.group(1) + ".so" : plain.replace('/', '.');
    }
}
