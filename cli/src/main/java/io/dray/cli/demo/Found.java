package io.dray.cli.demo;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the digests say of a folder as a whole, in a few words for people. Immutable. */
record Found(String languages, String nearDuplicates) {
    private static final int SHOWN_LANGUAGES = 6;

    static Found of(List<Ledger.Entry> entries, List<LikeFile> likeFiles) {
        Map<String, Long> counts = entries.stream()
                .collect(Collectors.groupingBy(Ledger.Entry::language, TreeMap::new, Collectors.counting()));
        String languages = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(SHOWN_LANGUAGES)
                .map(language -> String.format(Locale.ROOT, "%s %,d", language.getKey(), language.getValue()))
                .collect(Collectors.joining(", "));
        int groups = LikeFile.groups(likeFiles).size();
        String nearDuplicates = String.format(
                Locale.ROOT, "%,d files in %,d %s", likeFiles.size(), groups, groups == 1 ? "group" : "groups");
        return new Found(languages, nearDuplicates);
    }
}
