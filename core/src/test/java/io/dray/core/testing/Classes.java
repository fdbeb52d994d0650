package io.dray.core.testing;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.importer.ImportOption.Predefined.DO_NOT_INCLUDE_TESTS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.stream.Stream;

/**
 * The classes that an architecture check looks at, hand-written ones only: generated code lives in packages ending
 * in {@code .v1}.
 */
record Classes(String root, JavaClasses imported) {
    private static final DescribedPredicate<JavaClass> GENERATED = resideInAnyPackage("..v1..");

    /** Returns the main classes of a package and its sub-packages. */
    static Classes ofMain(String root) {
        return of(root, new ClassFileImporter().withImportOption(DO_NOT_INCLUDE_TESTS));
    }

    /** Returns all classes of a package and its sub-packages, tests included. */
    static Classes ofAll(String root) {
        return of(root, new ClassFileImporter());
    }

    /** Returns the dependencies between two different packages under the root. */
    Stream<Dependency> between() {
        return imported.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> isInside(dependency.getTargetClass()))
                .filter(dependency -> !dependency
                        .getOriginClass()
                        .getPackageName()
                        .equals(dependency.getTargetClass().getPackageName()));
    }

    private boolean isInside(JavaClass type) {
        return (type.getPackageName() + ".").startsWith(root + ".");
    }

    private static Classes of(String root, ClassFileImporter importer) {
        JavaClasses found = importer.importPackages(root);
        return new Classes(root, found.that(DescribedPredicate.not(GENERATED)));
    }
}
