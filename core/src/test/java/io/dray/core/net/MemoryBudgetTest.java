package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private final MemoryBudget budget = new MemoryBudget(100);

    @Test
    void reservesNoMoreThanItHas() {
        assertThat(budget.tryReserve(60)).isTrue();
        assertThat(budget.tryReserve(41)).isFalse();
        assertThat(budget.tryReserve(40)).isTrue();
        assertThat(budget.used()).isEqualTo(100);

        budget.release(40);

        assertThat(budget.tryReserve(Long.MAX_VALUE)).isFalse();
        assertThat(budget.used()).isEqualTo(60);
    }

    @Test
    void boundsEachShareAndTheWhole() {
        MemoryBudget.Share first = budget.share("first", 70);
        MemoryBudget.Share second = budget.share("second", 70);

        assertThat(first.tryReserve(71)).isFalse();
        assertThat(first.tryReserve(70)).isTrue();
        assertThat(second.tryReserve(31)).isFalse();
        assertThat(second.used()).isZero();
        assertThat(second.tryReserve(30)).isTrue();
        first.release(70);

        assertThat(budget.used()).isEqualTo(30);
        assertThat(first.used()).isZero();
        assertThat(second).hasToString("second: 30 of 70 bytes");
    }

    @Test
    void whatIsTakenOverCountsInItsShareAndMayPassTheWholeUntilItsOwnerReleasesIt() {
        MemoryBudget.Share share = budget.share("share", 30);
        assertThat(budget.tryReserve(100)).isTrue();

        assertThat(share.tryTakeOver(31)).isFalse();
        assertThat(share.tryTakeOver(30)).isTrue();
        assertThat(budget.used()).isEqualTo(130);
        assertThat(budget.tryReserve(1)).isFalse();
        budget.release(30);
        share.release(30);

        assertThat(budget.used()).isEqualTo(70);
        assertThat(share.used()).isZero();
    }

    @Test
    void aShareThatSparesTheLastOfTheWholeLeavesItToOthers() {
        MemoryBudget.Share sparing = budget.share("sparing", 90, 25);
        MemoryBudget.Share other = budget.share("other", 100);

        assertThat(sparing.tryReserve(76)).isFalse();
        assertThat(sparing.tryReserve(75)).isTrue();
        assertThat(sparing.tryReserve(1)).isFalse();
        assertThat(other.tryReserve(20)).isTrue();
        sparing.release(10);
        assertThat(sparing.tryReserve(1)).as("others have of the last").isFalse();
        assertThat(sparing.tryTakeOver(20)).isTrue();
        other.release(20);

        assertThat(sparing.used()).isEqualTo(85);
        assertThat(budget.used()).isEqualTo(85);
    }

    @Test
    void noticesWhatIsReleasedTwice() {
        budget.tryReserve(10);
        budget.release(10);

        assertThatThrownBy(() -> budget.release(10)).isInstanceOf(IllegalStateException.class);
        assertThat(budget.used()).isZero();
        assertThatThrownBy(() -> budget.tryReserve(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isZeroAtRestAfterManyThreads() throws InterruptedException {
        MemoryBudget.Share share = budget.share("share", 80);
        AtomicLong greatest = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                RandomGenerator random = RandomGenerator.getDefault();
                for (int j = 0; j < 10_000; j++) {
                    int bytes = random.nextInt(50);
                    if (share.tryReserve(bytes)) {
                        greatest.accumulateAndGet(budget.used(), Math::max);
                        share.release(bytes);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(share.used()).isZero();
        assertThat(budget.used()).isZero();
        assertThat(greatest.get()).isPositive().isLessThanOrEqualTo(100);
    }
}
