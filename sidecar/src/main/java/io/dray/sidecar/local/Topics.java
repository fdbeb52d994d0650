package io.dray.sidecar.local;

/** Matches topics with patterns: {@code *} stands for one token, a last {@code >} for one or more. */
public final class Topics {
    private Topics() {}

    /** Whether a valid pattern matches no topic but the one that it spells. */
    static boolean isExact(String pattern) {
        return pattern.indexOf('*') < 0 && pattern.indexOf('>') < 0;
    }

    /** Whether a valid topic matches a valid pattern. */
    public static boolean matches(String pattern, String topic) {
        int p = 0;
        int t = 0;
        while (p < pattern.length() && t < topic.length()) {
            int patternEnd = tokenEnd(pattern, p);
            if (pattern.charAt(p) == '>' && patternEnd == pattern.length()) {
                return true;
            }
            int topicEnd = tokenEnd(topic, t);
            if (!tokenMatches(pattern, p, patternEnd, topic, t, topicEnd)) {
                return false;
            }
            p = patternEnd + 1;
            t = topicEnd + 1;
        }
        return p > pattern.length() && t > topic.length();
    }

    private static boolean tokenMatches(String pattern, int p, int patternEnd, String topic, int t, int topicEnd) {
        boolean any = patternEnd - p == 1 && pattern.charAt(p) == '*';
        return any || (patternEnd - p == topicEnd - t && pattern.regionMatches(p, topic, t, topicEnd - t));
    }

    private static int tokenEnd(String text, int from) {
        int dot = text.indexOf('.', from);
        return dot < 0 ? text.length() : dot;
    }
}
