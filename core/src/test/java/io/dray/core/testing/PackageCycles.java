package io.dray.core.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;

/** The check that the packages of a module import each other without a cycle. */
public final class PackageCycles {
    private PackageCycles() {}

    /**
     * Returns a description of each cycle among the main classes of a package and its sub-packages.
     *
     * @param root the root package of the module under test, for example {@code io.dray.sidecar}
     */
    public static List<String> in(String root) {
        return in(Classes.ofMain(root));
    }

    static List<String> in(Classes classes) {
        return SlicesRuleDefinition.slices()
                .assignedFrom(new ByPackage())
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .evaluate(classes.imported())
                .getFailureReport()
                .getDetails();
    }

    private static final class ByPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
