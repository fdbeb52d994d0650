package io.dray.bench.messaging;

/** Looks at the processes of a bed while a window is measured. Called by the thread that measures. */
public interface WindowWatch {
    /** Looks at nothing. */
    WindowWatch NONE = new WindowWatch() {
        @Override
        public void onReady(Bed bed) {}

        @Override
        public void onBegin(Bed bed) {}

        @Override
        public void onEnd(Bed bed) {}
    };

    /**
     * Called once for a bed, before it is warmed up.
     *
     * @param bed whose processes all run
     */
    void onReady(Bed bed);

    /**
     * Called before the load of a window begins.
     *
     * @param bed whose processes are about to be measured
     */
    void onBegin(Bed bed);

    /**
     * Called when the load of a window has ended and was counted.
     *
     * @param bed as before
     */
    void onEnd(Bed bed);
}
