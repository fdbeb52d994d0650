package io.dray.core.testing;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The directions between modules, read from the classes: {@code proto <- core <- {agent, sidecar, router} <- cli <-
 * bench}, and examples import the agent SDK only, with the contract's enums that its API shows.
 */
public final class ModuleEdges {
    private static final Map<String, Set<String>> ALLOWED = allowed();

    private ModuleEdges() {}

    /** Returns each dependency between the modules on the class path that the directions do not allow. */
    public static List<String> violations() {
        return violations(Classes.ofMain("io.dray"));
    }

    static List<String> violations(Classes classes) {
        return classes.between()
                .filter(dependency -> isBanned(classes.root(), dependency))
                .map(Dependency::getDescription)
                .distinct()
                .toList();
    }

    private static boolean isBanned(String root, Dependency dependency) {
        String from = module(root, dependency.getOriginClass());
        String to = module(root, dependency.getTargetClass());
        return !from.equals(to) && !ALLOWED.getOrDefault(from, Set.of()).contains(to);
    }

    private static String module(String root, JavaClass type) {
        String name = type.getPackageName().substring(root.length());
        if (name.endsWith(".v1")) {
            return "proto";
        }
        return name.isEmpty() ? "" : name.substring(1).split("\\.", 2)[0];
    }

    private static Map<String, Set<String>> allowed() {
        Map<String, Set<String>> allowed = new LinkedHashMap<>();
        allowed.put("core", Set.of("proto"));
        allowed.put("agent", Set.of("proto", "core"));
        allowed.put("sidecar", Set.of("proto", "core"));
        allowed.put("router", Set.of("proto", "core"));
        allowed.put("examples", Set.of("agent", "proto"));
        allowed.put("cli", Set.of("proto", "core", "agent", "sidecar", "router"));
        allowed.put("bench", Set.of("proto", "core", "agent", "sidecar", "router", "cli"));
        return allowed;
    }
}
