package io.dray.core.lifecycle;

import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs something whenever the process gets SIGHUP, which would end it otherwise; on a thread of the JVM's own, one for
 * each signal. Stateless.
 */
public final class ReloadSignal {
    private static final Logger log = LoggerFactory.getLogger(ReloadSignal.class);

    private static volatile boolean installed;

    private ReloadSignal() {}

    /**
     * Installs it. Where the JVM knows no such signal, or it is ignored because the process was started so, by nohup for one,
     * that is logged, and nothing else comes of it.
     *
     * @return whether it is installed
     */
    public static boolean install(Runnable reload) {
        // By name: javac warns of sun.misc, which cannot be suppressed, and nothing else offers signals.
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handling = Proxy.newProxyInstance(
                    ReloadSignal.class.getClassLoader(), new Class<?>[] {handler}, (_, method, words) -> {
                        if (method.getName().equals("handle")) {
                            runQuietly(reload);
                            return null;
                        }
                        return method.invoke(reload, words);
                    });
            installed = true;
            Object before = handle(signal, handler, handling);
            if (handler.getField("SIG_IGN").get(null).equals(before)) {
                log.info(
                        "This process ignores SIGHUP, as nohup makes it: the configuration is read at the start only.");
                return false;
            }
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            log.warn("SIGHUP cannot be used to reload the configuration: {}", e.toString());
            return false;
        }
    }

    /**
     * Lets the process outlive its terminal: from now on SIGHUP does nothing, unless {@link #install} gave it a meaning.
     */
    public static void outliveTerminal() {
        if (installed) {
            return;
        }
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            var _ = handle(
                    Class.forName("sun.misc.Signal"),
                    handler,
                    handler.getField("SIG_IGN").get(null));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            log.warn("SIGHUP cannot be ignored: this process ends with its terminal: {}", e.toString());
        }
    }

    /** Returns who handled it before. */
    private static @Nullable Object handle(Class<?> signal, Class<?> handler, Object handling)
            throws ReflectiveOperationException {
        return signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), handling);
    }

    private static void runQuietly(Runnable reload) {
        try {
            reload.run();
        } catch (RuntimeException e) {
            log.error("the configuration was not reloaded", e);
        }
    }
}
