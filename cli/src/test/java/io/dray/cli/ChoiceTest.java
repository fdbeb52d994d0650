package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.router.v1.TaskState;
import io.dray.types.v1.DeliveryClass;
import org.junit.jupiter.api.Test;

class ChoiceTest {
    @Test
    void wordsOfTheContractLoseTheirPrefix() {
        assertThat(Choice.of(DeliveryClass.class, "--class", "at-least-once"))
                .isEqualTo(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE);
        assertThat(Choice.of(TaskState.class, "--state", "RUNNING")).isEqualTo(TaskState.TASK_STATE_RUNNING);
        assertThat(Choice.word(TaskState.TASK_STATE_RUNNING)).isEqualTo("running");
    }

    @Test
    void anUnknownWordBringsAllThatAreKnown() {
        assertThatThrownBy(() -> Choice.of(DeliveryClass.class, "--class", "sometimes"))
                .hasMessage("--class: 'sometimes' is not known (expected: at-most-once, at-least-once, durable)");
    }
}
