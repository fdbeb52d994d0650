package io.dray.bench.profile;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * All stacks of one process.
 *
 * @param all each distinct one once
 */
record Stacks(List<Stack> all) {
    /** Copies the list. */
    Stacks {
        all = List.copyOf(all);
    }

    /** Reads collapsed stacks, joining those that differ only in what {@link Stack} leaves away. */
    static Stacks read(Path file) throws IOException {
        Map<Stack, Long> joined = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                Stack stack = Stack.parse(line);
                joined.merge(new Stack(stack.thread(), stack.frames(), 1), stack.samples(), Long::sum);
            }
        }
        return new Stacks(joined.entrySet().stream()
                .map(entry -> new Stack(entry.getKey().thread(), entry.getKey().frames(), entry.getValue()))
                .sorted(Comparator.comparing(Stack::text))
                .toList());
    }

    long samples() {
        return all.stream().mapToLong(Stack::samples).sum();
    }

    /** Samples by purpose; only purposes that were seen. */
    Map<Purpose, Long> purposes() {
        Map<Purpose, Long> purposes = new EnumMap<>(Purpose.class);
        all.forEach(stack -> purposes.merge(Classifier.of(stack), stack.samples(), Long::sum));
        return purposes;
    }

    /** Frames that were on top most often, each with its samples. */
    List<Map.Entry<String, Long>> top(int count) {
        Map<String, Long> self = new HashMap<>();
        all.forEach(stack -> self.merge(stack.frames().getLast(), stack.samples(), Long::sum));
        Comparator<Map.Entry<String, Long>> most =
                Map.Entry.<String, Long>comparingByValue().reversed();
        return self.entrySet().stream()
                .sorted(most.thenComparing(Map.Entry.comparingByKey()))
                .limit(count)
                .toList();
    }

    /** Writes them as other tools read them, compressed. */
    void write(Path file) throws IOException {
        try (var out = new BufferedWriter(
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8))) {
            for (Stack stack : all) {
                out.write(stack.text());
                out.newLine();
            }
        }
    }
}
