package io.dray.core.testing;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The directions in which the rooms (sub-packages) of a module may import each other: planned directions never turn
 * around, and no room imports the root package. Built by one thread.
 */
public final class Rooms {
    private final Classes classes;
    private final Map<String, Set<String>> importers = new LinkedHashMap<>();
    private final Set<String> alone = new HashSet<>();

    private Rooms(Classes classes) {
        this.classes = classes;
    }

    /** Starts with no direction for the module of a root package, for example {@code io.dray.sidecar}. */
    public static Rooms of(String root) {
        return of(Classes.ofMain(root));
    }

    static Rooms of(Classes classes) {
        return new Rooms(classes);
    }

    /** Adds {@code lower <- upper}: the upper room may import the lower one, never the other way, nor through others. */
    public Rooms direction(String lower, String upper) {
        importers.computeIfAbsent(lower, _ -> new LinkedHashSet<>()).add(upper);
        return this;
    }

    /** Adds a room that imports no other room. */
    public Rooms alone(String room) {
        alone.add(room);
        return this;
    }

    /** Returns each dependency that runs against a direction, once per pair of rooms. */
    public List<String> violations() {
        return classes.between()
                .filter(this::isAgainst)
                .map(dependency -> room(dependency.getOriginClass()) + " imports " + room(dependency.getTargetClass())
                        + ": " + dependency.getDescription())
                .distinct()
                .toList();
    }

    private boolean isAgainst(Dependency dependency) {
        String from = room(dependency.getOriginClass());
        String to = room(dependency.getTargetClass());
        if (from.isEmpty() || from.equals(to)) {
            return false;
        }
        return to.isEmpty() || alone.contains(from) || isAbove(to, from);
    }

    private boolean isAbove(String upper, String lower) {
        Deque<String> open = new ArrayDeque<>(List.of(lower));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            for (String next : importers.getOrDefault(open.pop(), Set.of())) {
                if (next.equals(upper)) {
                    return true;
                }
                if (seen.add(next)) {
                    open.push(next);
                }
            }
        }
        return false;
    }

    /** Returns the first package name below the root; empty for the root itself. */
    private String room(JavaClass type) {
        String rest = type.getPackageName().substring(classes.root().length());
        return rest.isEmpty() ? "" : rest.substring(1).split("\\.", 2)[0];
    }
}
