package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.core.wire.Names;
import io.dray.router.v1.Placement;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.Map;
import java.util.Optional;

/** What a router takes as the placement of a task. Stateless. */
final class PlacementChecks {
    private static final int MAX_LABELS = 16;
    private static final int MAX_TEXT = 256;

    private PlacementChecks() {}

    /** Returns why the placement cannot be taken; empty when it can. */
    static Optional<Error> check(Placement placement) {
        return labels("placement.required_labels", placement.getRequiredLabelsMap())
                .or(() -> labels("placement.excluded_labels", placement.getExcludedLabelsMap()))
                .or(() -> labels("placement.preferred_labels", placement.getPreferredLabelsMap()))
                .or(() -> both(placement))
                .or(() -> text("placement.spread_key", placement.getSpreadKey()))
                .or(() -> text("placement.sticky_key", placement.getStickyKey()))
                .or(() -> node(placement.getNearNode()));
    }

    private static Optional<Error> labels(String field, Map<String, String> labels) {
        if (labels.size() > MAX_LABELS) {
            return refuse(
                    Code.CODE_TOO_MANY, field + " has too many labels.", labels.size() + "", "at most " + MAX_LABELS);
        }
        if (labels.containsKey("")) {
            return refuse(Code.CODE_BAD_NAME, field + " has a label without a key.", "=" + labels.get(""), "KEY=VALUE");
        }
        return labels.entrySet().stream()
                .flatMap(label -> text(field, label.getKey()).or(() -> text(field, label.getValue())).stream())
                .findFirst();
    }

    private static Optional<Error> both(Placement placement) {
        return placement.getRequiredLabelsMap().entrySet().stream()
                .filter(label ->
                        label.getValue().equals(placement.getExcludedLabelsMap().get(label.getKey())))
                .findFirst()
                .flatMap(label -> refuse(
                        Code.CODE_INVALID_REQUEST,
                        "A label is required and excluded, so that no node could ever have the task.",
                        label.getKey() + "=" + label.getValue(),
                        "in one of required_labels and excluded_labels"));
    }

    private static Optional<Error> node(String name) {
        return name.isEmpty() || Names.isName(name)
                ? Optional.empty()
                : refuse(Code.CODE_BAD_NAME, "placement.near_node has a bad name.", name, Names.NAME_FORM);
    }

    private static Optional<Error> text(String field, String text) {
        return text.length() <= MAX_TEXT
                ? Optional.empty()
                : refuse(
                        Code.CODE_TOO_LARGE,
                        field + " is too long.",
                        text.length() + " characters",
                        "at most " + MAX_TEXT);
    }

    private static Optional<Error> refuse(Code code, String message, String value, String expected) {
        return Optional.of(MeshError.of(code, message, value, expected));
    }
}
