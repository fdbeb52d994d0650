package io.dray.bench.pressure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A slow network between two sidecars: passes bytes on in both directions, towards the target at a rate that can be
 * changed. Small socket buffers keep it from hiding what the network cannot take. Each direction has a virtual thread.
 */
final class ThrottledProxy implements AutoCloseable {
    /** At 1 MB/s 15 pieces a second: each wakes the far node, which stands on this machine for want of another. */
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ServerSocket server;
    private final InetSocketAddress target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile long bytesPerS;

    /**
     * Listens on a free loopback port.
     *
     * @param targetPort where connections go; asked for only when one comes
     */
    ThrottledProxy(int targetPort) throws IOException {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        server = new ServerSocket();
        server.setReceiveBufferSize(BUFFER_BYTES);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Changes the rate; 0 means as fast as possible. */
    void limit(long newBytesPerS) {
        bytesPerS = newBytesPerS;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                Socket far = new Socket();
                sockets.add(near);
                sockets.add(far);
                far.setTcpNoDelay(true);
                near.setTcpNoDelay(true);
                far.connect(target);
                Thread.ofVirtual().start(() -> pass(near, far, true));
                Thread.ofVirtual().start(() -> pass(far, near, false));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private void pass(Socket from, Socket to, boolean isThrottled) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                long rate = bytesPerS;
                if (isThrottled && rate > 0) {
                    TimeUnit.NANOSECONDS.sleep(read * TimeUnit.SECONDS.toNanos(1) / rate);
                }
            }
        } catch (IOException _) {
            // One side has gone, and takes the other along.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
