package io.dray.sidecar.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicsTest {
    @ParameterizedTest
    @CsvSource({
        "a,       a,         true",
        "a.b,     a.b,       true",
        "a.*,     a.b,       true",
        "a.*,     a.b.c,     false",
        "a.*,     a,         false",
        "a.>,     a.b.c,     true",
        "a.>,     a,         false",
        ">,       a.b,       true",
        "*.b,     a.b,       true",
        "*.*,     a.b,       true",
        "*.*,     a,         false",
        "a.*.c,   a.b.c,     true",
        "a.*.c,   a.b.d,     false",
        "a.b,     a.bb,      false",
        "a.bb,    a.b,       false",
        "a.b.c,   a.b,       false",
        "a.b,     a.b.c,     false",
    })
    void matchesByToken(String pattern, String topic, boolean expected) {
        assertThat(Topics.matches(pattern, topic)).isEqualTo(expected);
    }
}
