package io.dray.examples.digest;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** In how many documents each term occurs. A document counts once, however often it is told. Thread-safe by its lock. */
final class Corpus {
    private final Set<String> documents = new HashSet<>();
    private final Map<String, Integer> documentsByTerm = new HashMap<>();

    synchronized void add(String document, Collection<String> terms) {
        if (documents.add(document)) {
            terms.forEach(term -> documentsByTerm.merge(term, 1, Integer::sum));
        }
    }

    synchronized int documents() {
        return documents.size();
    }

    /** In how many documents a term occurs; 0 when it is unknown. */
    synchronized int documentsWith(String term) {
        return documentsByTerm.getOrDefault(term, 0);
    }

    /**
     * How telling a term is for a document: (1 + ln count) * ln(documents / documents with it). A term that is in every
     * document keeps a little weight, so that a corpus of one document has an order too.
     */
    static double tfIdf(int count, int documents, int documentsWithTerm) {
        double rarity = Math.log((double) documents / Math.max(1, documentsWithTerm));
        return (1 + Math.log(count)) * Math.max(rarity, 0.01);
    }
}
