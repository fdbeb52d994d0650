package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LaneScheduleTest {
    private final LaneSchedule schedule = new LaneSchedule();

    @Test
    void sharesByWeightWhenAllLanesWait() {
        int[] sent = new int[LaneSchedule.LANES];

        for (int i = 0; i < 850; i++) {
            sent[schedule.next(0b1111)]++;
        }

        assertThat(sent).containsExactly(640, 160, 40, 10);
    }

    @Test
    void neverKeepsTheLowLaneWaitingForMoreThan84() {
        int waited = 0;

        while (schedule.next(0b1111) != 3) {
            waited++;
        }

        assertThat(waited).isLessThanOrEqualTo(84);
    }

    @Test
    void sendsTheUrgentLaneFirst() {
        assertThat(schedule.next(0b1001)).isZero();
    }

    @Test
    void givesALoneLaneEveryTurn() {
        for (int i = 0; i < 100; i++) {
            assertThat(schedule.next(0b1000)).isEqualTo(3);
        }
    }

    @Test
    void refusesAnEmptyMask() {
        assertThatThrownBy(() -> schedule.next(0)).hasMessageContaining("waiting: 0");
    }

    @Test
    void takesUnknownPrioritiesForNormal() {
        assertThat(LaneSchedule.laneOf(0)).isEqualTo(2);
        assertThat(LaneSchedule.laneOf(1)).isZero();
        assertThat(LaneSchedule.laneOf(4)).isEqualTo(3);
        assertThat(LaneSchedule.laneOf(77)).isEqualTo(2);
    }
}
