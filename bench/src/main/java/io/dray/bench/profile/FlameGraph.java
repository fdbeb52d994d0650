package io.dray.bench.profile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The stacks of one process as a tree, written as the numbers that {@code flame.js} draws: for each node its level, its
 * name's number and its samples, parents before children. Used by one thread.
 */
final class FlameGraph {
    /** What is narrower than this part of the whole is not drawn: nobody sees it, and the page stays small. */
    private static final double VISIBLE = 0.0008;

    private final Map<String, Integer> names;
    private final Node root = new Node();

    /** Creates an empty graph whose names are numbered together with those of others on the page. */
    FlameGraph(Map<String, Integer> names) {
        this.names = names;
    }

    private static final class Node {
        private final Map<String, Node> children = new TreeMap<>();
        private long samples;
    }

    static Map<String, Integer> noNames() {
        return new LinkedHashMap<>();
    }

    FlameGraph add(Stacks stacks) {
        for (Stack stack : stacks.all()) {
            Node node = root;
            node.samples += stack.samples();
            if (!stack.thread().isEmpty()) {
                node = child(node, "[" + stack.thread() + "]", stack.samples());
            }
            for (String frame : stack.frames()) {
                node = child(node, frame, stack.samples());
            }
        }
        return this;
    }

    /** A JavaScript array. */
    String numbers(String rootName) {
        StringBuilder out = new StringBuilder("[");
        write(out, 0, rootName, root);
        return out.append(']').toString();
    }

    private static Node child(Node parent, String name, long samples) {
        Node child = parent.children.computeIfAbsent(name, _ -> new Node());
        child.samples += samples;
        return child;
    }

    private void write(StringBuilder out, int level, String name, Node node) {
        if (node.samples < root.samples * VISIBLE) {
            return;
        }
        Integer number = names.computeIfAbsent(name, _ -> names.size());
        out.append(out.length() == 1 ? "" : ",")
                .append(level)
                .append(',')
                .append(number)
                .append(',')
                .append(node.samples);
        node.children.forEach((childName, child) -> write(out, level + 1, childName, child));
    }
}
