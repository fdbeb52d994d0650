package io.dray.router.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plants faults in the production code, one at a time, and sees the seeds of one CI run find each of them.
 * {@code -Ddray.model.fault=WORDS} plants those alone whose names have the words.
 */
@Tag("long")
class PlantedFaultsTest {
    private static final Path ROUTER = Path.of(System.getProperty("dray.root", ".."), "router");

    static List<Fault> faults() {
        String words = System.getProperty("dray.model.fault", "");
        return Fault.all().stream()
                .filter(fault -> fault.name().contains(words))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void someSeedFindsIt(Fault fault) throws ReflectiveOperationException {
        FaultyClasses faulty = FaultyClasses.with(fault, ROUTER);

        long seed = 0;
        String broken = "";
        while (broken.isEmpty() && seed < ModelTest.SEEDS) {
            broken = faulty.broken(++seed);
        }

        assertThat(broken)
                .as("\"" + fault + "\" is not found by the seeds 1 to " + ModelTest.SEEDS)
                .isNotEmpty();
        System.out.println("seed " + seed + " found \"" + fault + "\": "
                + broken.lines().findFirst().orElse(""));
    }
}
