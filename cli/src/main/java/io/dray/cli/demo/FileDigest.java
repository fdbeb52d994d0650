package io.dray.cli.demo;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the index tells of one file: key sentences in the order of the text, and terms, best first. */
record FileDigest(String file, List<String> sentences, List<Scored> terms) {

    /** Reads a page of the indexer. */
    static List<FileDigest> parse(String text) {
        List<FileDigest> digests = new ArrayList<>();
        text.lines().map(line -> line.split("\t", 2)).forEach(cells -> {
            switch (cells[0]) {
                case "file" ->
                    digests.add(new FileDigest(
                            URLDecoder.decode(cells[1], StandardCharsets.UTF_8), new ArrayList<>(), new ArrayList<>()));
                case "sentence" -> digests.getLast().sentences().add(cells[1]);
                default -> digests.getLast().terms().add(Scored.parse(cells[1]));
            }
        });
        return digests;
    }
}
