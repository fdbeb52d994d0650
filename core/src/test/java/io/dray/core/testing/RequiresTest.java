package io.dray.core.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class RequiresTest {
    @Test
    void goesOnWhenPresent() {
        assertThatCode(() -> Requires.that("buf", true, "buf is missing", "buf"))
                .doesNotThrowAnyException();
    }

    @Test
    void skipsWithTheReasonWhenAbsent() {
        assertThatThrownBy(() -> Requires.that("buf", false, "buf is missing", null))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("buf is missing");
    }

    @Test
    void skipsWhenOnlyOthersAreRequired() {
        assertThatThrownBy(() -> Requires.that("buf", false, "buf is missing", "python,node"))
                .isInstanceOf(TestAbortedException.class);
    }

    @Test
    void failsWhenAbsentAndRequired() {
        assertThatThrownBy(() -> Requires.that("buf", false, "buf is missing", "python, buf"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessage("buf is missing (DRAY_REQUIRE names buf)");
    }
}
