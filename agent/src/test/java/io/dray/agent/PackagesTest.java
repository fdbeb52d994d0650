package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.dray.core.testing.PackageCycles;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PackagesTest {
    @Test
    void packagesHaveNoCycle() {
        assertThat(PackageCycles.in("io.dray.agent")).isEmpty();
    }

    @Test
    void theSdkIsOneFlatPackageBesideItsTestDoubles() {
        var packages = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.dray.agent").stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> !name.startsWith("io.dray.agent.v1"))
                        .collect(Collectors.toSet());

        assertThat(packages).containsExactlyInAnyOrder("io.dray.agent", "io.dray.agent.testing");
    }
}
