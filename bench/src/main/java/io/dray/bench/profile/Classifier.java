package io.dray.bench.profile;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a stack is for: by its thread, then by the frame nearest to the top that decides. Frames of the JDK and of
 * core, which everybody calls, do not decide: their caller does. Thread-safe.
 */
final class Classifier {
    private static final Pattern JIT_THREAD = Pattern.compile("C[12] CompilerThre.*");
    private static final Pattern GC_THREAD = Pattern.compile("VM Thread|GC Thread.*|G1 .*|VM Periodic.*");
    private static final Pattern GC_FRAME = Pattern.compile(".*(GenCollect|Serial.*::collect|DefNew|VM_GenCollect).*");
    private static final Pattern WAIT = Pattern.compile(
            "epoll_\\w+|\\w*eventfd\\w*(_\\[k])?|io\\.netty\\..*\\.eventFd\\w+|.*_futex_\\[k]"
                    + "|_*(GI_+)?pthread_cond_\\w+|.*nanosleep(_\\[k])?|.*\\.Unsafe\\.(un)?park|.*clock_gettime|sched_yield");
    private static final Pattern READ = Pattern.compile("_*(GI_+)?(libc_)?(read|readv|recv|recvfrom|recvmsg|recvmmsg)"
            + "|(__x64_sys_|__arm64_sys_|ksys_)(read|recv)\\w*_\\[k]");
    private static final Pattern WRITE = Pattern.compile("_*(GI_+)?(libc_)?(write|writev|send|sendto|sendmsg|sendmmsg)"
            + "|(__x64_sys_|__arm64_sys_|ksys_)(write|send)\\w*_\\[k]");
    private static final Pattern COPY = Pattern.compile(
            "[a-z]+_(disjoint_|conjoint_)?arraycopy.*|(__)?mem(cpy|move|set).*|.*Unsafe_CopyMemory.*|jni_(Get|Set)ByteArrayRegion"
                    + "|java\\.util\\.Arrays\\.copyOf.*|.*\\.copyMemory0?|.*System\\.arraycopy");

    private Classifier() {}

    static Purpose of(Stack stack) {
        List<String> frames = stack.frames();
        if (JIT_THREAD.matcher(stack.thread()).matches() || frames.contains("CompileBroker::compiler_thread_loop")) {
            return Purpose.JIT;
        }
        if (GC_THREAD.matcher(stack.thread()).matches() || matchesAny(frames, GC_FRAME)) {
            return Purpose.GC;
        }
        if (matchesAny(frames, WAIT)) {
            return Purpose.WAIT;
        }
        if (COPY.matcher(frames.getLast()).matches()) {
            return Purpose.COPY;
        }
        for (String frame : frames.reversed()) {
            Purpose purpose = of(frame);
            if (purpose != null) {
                return purpose;
            }
        }
        return frames.stream().anyMatch(frame -> frame.startsWith("io.dray.core.")) ? Purpose.ROUTE : Purpose.OTHER;
    }

    private static @Nullable Purpose of(String frame) {
        if (READ.matcher(frame).matches()) {
            return Purpose.READ;
        }
        if (WRITE.matcher(frame).matches()) {
            return Purpose.WRITE;
        }
        if (frame.startsWith("io.dray.sidecar.") || frame.startsWith("io.dray.router.")) {
            return Purpose.ROUTE;
        }
        if (frame.startsWith("io.dray.agent.")) {
            return Purpose.SDK;
        }
        if (frame.startsWith("io.dray.bench.")) {
            return Purpose.LOAD;
        }
        return ofLibrary(frame);
    }

    private static @Nullable Purpose ofLibrary(String frame) {
        if (frame.startsWith("com.github.luben.zstd.")) {
            return Purpose.COMPRESS;
        }
        if (frame.startsWith("io.grpc.")
                || frame.startsWith("io.netty.handler.codec.http2.")
                || frame.startsWith("com.google.protobuf.")) {
            return Purpose.HTTP2;
        }
        return frame.startsWith("io.netty.") ? Purpose.NETTY : null;
    }

    private static boolean matchesAny(List<String> frames, Pattern pattern) {
        return frames.stream().anyMatch(frame -> pattern.matcher(frame).matches());
    }
}
