package io.dray.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifierTest {
    private static final String LOOP =
            "[sidecar-loop-1-1 tid=7];java/lang/Thread.run;io/netty/channel/epoll/EpollIoHandler.run;";

    @ParameterizedTest
    @CsvSource({
        "READ, io/netty/channel/unix/Socket.recvAddress;libnetty_transport_native_epoll_x86_64.so;recv",
        "READ, io/netty/channel/unix/Socket.recvAddress;recv;do_syscall_64_[k];__x64_sys_recvfrom_[k];skb_copy_[k]",
        "READ, java/io/FileInputStream.readBytes;__GI_read",
        "WRITE, /tmp/libnetty_transport_native_epoll_x86_642.so (deleted);writev;do_writev_[k];try_to_wake_up_[k]",
        "WRITE, io/netty/channel/unix/Socket.sendToAddress;__libc_sendto;__x64_sys_sendto_[k]",
        "WAIT, io/netty/channel/epoll/Native.epollWait;epoll_pwait2;ep_poll_[k];schedule_[k]",
        "WAIT, io/netty/channel/epoll/Native.eventFdWrite;__GI___write;ksys_write_[k]",
        "WAIT, io/dray/agent/Outbox.admit;java/util/concurrent/locks/LockSupport.park;jdk/internal/misc/Unsafe.park",
        "COPY, io/dray/sidecar/frame/OutboundFrame.add;java/lang/System.arraycopy;jbyte_disjoint_arraycopy",
        "COPY, io/grpc/internal/MessageFramer.writeRaw;java/util/Arrays.copyOf",
        "COPY, io/netty/buffer/UnsafeByteBufUtil.setBytes;__memcpy_avx512_unaligned_erms",
        "NETTY, io/netty/buffer/PoolArena.freeChunk",
        "NETTY, io/netty/channel/DefaultChannelPipeline.fireChannelRead",
        "HTTP2, io/netty/handler/codec/http2/DefaultHttp2FrameReader.readFrame;java/util/HashMap.get",
        "HTTP2, io/grpc/internal/MessageDeframer.deliver",
        "ROUTE, io/dray/sidecar/EnvelopeDoor.accept;io/dray/core/wire/EnvelopeWalker.walk;io/dray/core/wire/Cursor.varint",
        "SDK, io/dray/agent/Incoming.read;io/dray/core/wire/Cursor.tag",
        "LOAD, io/dray/agent/Inbox.deliver;io/dray/bench/load/Sink.onMessage;java/lang/Long.valueOf",
        "COMPRESS, io/dray/core/wire/ZstdFrames.compress;com/github/luben/zstd/ZstdCompressCtx.compress0;ZSTD_compress2",
    })
    void theFrameNearestToTheTopThatDecidesTellsThePurpose(Purpose purpose, String frames) {
        assertThat(Classifier.of(Stack.parse(LOOP + frames + " 1"))).isEqualTo(purpose);
    }

    @ParameterizedTest
    @CsvSource({
        "JIT, [C2 CompilerThre tid=3];start_thread;PhaseChaitin::Split",
        "JIT, start_thread;CompileBroker::compiler_thread_loop;Compile::Compile;memset",
        "GC, [VM Thread tid=4];start_thread;VMThread::run;__memmove_avx512_unaligned_erms",
        "ROUTE, [control tid=1];java/lang/Thread.run;io/dray/core/lifecycle/Closer.close",
        "OTHER, [unknown];[unknown_Java]",
        "OTHER, [main tid=1];java/lang/Thread.run;java/util/HashMap.get",
    })
    void whatNoFrameDecidesIsToldByThreadOrEntry(Purpose purpose, String frames) {
        assertThat(Classifier.of(Stack.parse(frames + " 1"))).isEqualTo(purpose);
    }
}
