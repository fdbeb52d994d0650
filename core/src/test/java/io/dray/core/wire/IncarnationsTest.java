package io.dray.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import org.junit.jupiter.api.Test;

class IncarnationsTest {
    private static final long NOW_MICROS = 1_800_000_000_000_000L;
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    @Test
    void aStartOfThePastOrOfAClockThatIsHoursAheadIsTaken() {
        assertThat(Incarnations.check(1, NOW_MICROS)).isEmpty();
        assertThat(Incarnations.check(NOW_MICROS * 1_000 + 23 * HOUR_NANOS, NOW_MICROS))
                .isEmpty();
    }

    @Test
    void aStartOfTheFarFutureAndNoneAreRefused() {
        assertThat(Incarnations.check(NOW_MICROS * 1_000 + 25 * HOUR_NANOS, NOW_MICROS))
                .map(Error::getCode)
                .hasValue(Code.CODE_INVALID_REQUEST);
        assertThat(Incarnations.check(Long.MAX_VALUE, NOW_MICROS))
                .map(Error::getValue)
                .hasValue(Long.toString(Long.MAX_VALUE));
        assertThat(Incarnations.check(-1, NOW_MICROS)).map(Error::getCode).hasValue(Code.CODE_MISSING_FIELD);
    }
}
