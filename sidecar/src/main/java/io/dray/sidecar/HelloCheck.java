package io.dray.sidecar;

import io.dray.agent.v1.Hello;
import io.dray.agent.v1.Subscription;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.Names;
import io.dray.types.v1.Code;
import io.grpc.StatusRuntimeException;
import java.util.List;

/** What a hello may say. Each check throws a status with code, value and expectation. */
final class HelloCheck {
    private static final int MAJOR = 1;
    private static final int MAX_WORDS = 64;
    private static final int MAX_SUBSCRIPTIONS = 1_024;
    private static final int MAX_SLOTS = 10_000;
    private static final int MAX_LABEL = 256;
    private static final String NAME = "[a-z0-9]([a-z0-9.-]{0,62})";

    private HelloCheck() {}

    /** Returns what a stream ends with that does not begin with a hello alone. */
    static StatusRuntimeException expected(String message, String value, String expected) {
        return MeshError.toStatus(MeshError.of(Code.CODE_HELLO_EXPECTED, message, value, expected));
    }

    static void check(Hello hello) {
        int major = hello.getVersion().getMajor();
        if (major != MAJOR) {
            fail(
                    Code.CODE_UNSUPPORTED_VERSION,
                    "this sidecar speaks another major version",
                    "major " + Integer.toUnsignedString(major),
                    "1");
        }
        name("agent", hello.getAgent());
        if (!hello.getSuffix().isEmpty()) {
            name("suffix", hello.getSuffix());
        }
        if (hello.getSession() != 0 && hello.getSuffix().isEmpty()) {
            fail(Code.CODE_MISSING_FIELD, "a resumed session needs its suffix", "suffix empty", "as in the Welcome");
        }
        atMost("capabilities", hello.getCapabilitiesCount(), MAX_WORDS);
        hello.getCapabilitiesList().forEach(capability -> name("capability", capability));
        atMost("labels", hello.getLabelsCount(), MAX_WORDS);
        atMost("task_slots", hello.getTaskSlots(), MAX_SLOTS);
        hello.getLabelsMap().forEach(HelloCheck::label);
        atMost("accept_encodings", hello.getAcceptEncodingsCount(), MAX_WORDS);
        atMost("running", hello.getRunningCount(), MAX_SLOTS);
        checkSubscriptions(hello.getSubscriptionsList());
    }

    static void checkSubscriptions(List<Subscription> subscriptions) {
        atMost("subscriptions", subscriptions.size(), MAX_SUBSCRIPTIONS);
        for (Subscription subscription : subscriptions) {
            if (!Names.isPattern(subscription.getPattern())) {
                fail(
                        Code.CODE_BAD_NAME,
                        "the topic pattern has not the allowed form",
                        subscription.getPattern(),
                        "1-16 tokens of [A-Za-z0-9_-]{1,63}, * for one token, a last > for the rest");
            }
            if (!subscription.getQueueGroup().isEmpty()) {
                name("queue group", subscription.getQueueGroup());
            }
            if (!subscription.getDurableName().isEmpty()) {
                fail(
                        Code.CODE_UNIMPLEMENTED,
                        "durable subscriptions are not offered yet",
                        subscription.getDurableName(),
                        "an empty durable_name");
            }
        }
    }

    private static void label(String key, String value) {
        if (key.length() > MAX_LABEL || value.length() > MAX_LABEL) {
            String expected = "at most " + MAX_LABEL + " characters";
            fail(Code.CODE_TOO_LARGE, "a label is too long", key + "=" + value, expected);
        }
    }

    private static void name(String what, String value) {
        if (!Names.isName(value)) {
            fail(Code.CODE_BAD_NAME, "the " + what + " has not the allowed form", value, NAME);
        }
    }

    private static void atMost(String what, int value, int most) {
        // Unsigned on the wire: a huge number is negative here.
        if (value < 0 || value > most) {
            String text = what + " " + Integer.toUnsignedString(value);
            fail(Code.CODE_TOO_MANY, "too many " + what, text, "at most " + most);
        }
    }

    private static void fail(Code code, String message, String value, String expected) {
        throw MeshError.toStatus(MeshError.of(code, message, value, expected));
    }
}
