package io.dray.router.fleet;

/**
 * What one node has free, in CPU and memory, by the router's own count. Owned by the dispatcher's thread.
 */
public final class FreeVector {
    /*
     * Two views, the smaller one counts. Declared: capacity less what all open attempts declared; exact for what Dray
     * placed, blind for other load. Measured: the last report less what it does not count yet; sees other load, is stale.
     * Both are changed at once on assign and complete, so that a report only corrects drift; a completion that the report
     * already counts would be added twice, which is why the declared view bounds it. CPU has a floor: a host that others
     * keep busy still gets a share of its capacity, else its work would never start. Memory has none: it cannot be shared
     * by waiting.
     */

    /** The share of its CPU that a node always offers is 1/4. */
    private static final int CPU_FLOOR_DIVISOR = 4;

    private int totalCpuMillis;
    private long totalMemoryBytes;
    private long declaredCpuMillis;
    private long declaredMemoryBytes;
    private long measuredCpuMillis;
    private long measuredMemoryBytes;
    private int freeCpuMillis = Integer.MAX_VALUE;
    private long freeMemoryBytes = Long.MAX_VALUE;

    /** Takes a demand off. */
    public void take(Demand demand) {
        declaredCpuMillis += demand.cpuMillis();
        declaredMemoryBytes += demand.memoryBytes();
        measuredCpuMillis -= demand.cpuMillis();
        measuredMemoryBytes -= demand.memoryBytes();
        refresh();
    }

    /** Gives a demand back that was taken before. */
    public void give(Demand demand) {
        declaredCpuMillis -= demand.cpuMillis();
        declaredMemoryBytes -= demand.memoryBytes();
        measuredCpuMillis += demand.cpuMillis();
        measuredMemoryBytes += demand.memoryBytes();
        refresh();
    }

    /** Replaces the measured view by a report, less the demands that it does not count yet. */
    public void correct(NodeFigures figures, long uncountedCpuMillis, long uncountedMemoryBytes) {
        totalCpuMillis = figures.totalCpuMillis();
        totalMemoryBytes = figures.totalMemoryBytes();
        measuredCpuMillis = Math.min(figures.freeCpuMillis(), figures.totalCpuMillis()) - uncountedCpuMillis;
        measuredMemoryBytes = Math.min(figures.freeMemoryBytes(), figures.totalMemoryBytes()) - uncountedMemoryBytes;
        refresh();
    }

    /** Free figures are read far more often than they change. */
    private void refresh() {
        freeCpuMillis = cpuMillis();
        freeMemoryBytes = memoryBytes();
    }

    private int cpuMillis() {
        if (totalCpuMillis == 0) {
            return Integer.MAX_VALUE;
        }
        long declared = totalCpuMillis - declaredCpuMillis;
        long floor = totalCpuMillis / CPU_FLOOR_DIVISOR - declaredCpuMillis;
        long free = Math.max(Math.min(declared, measuredCpuMillis), floor);
        return Math.clamp(free, 0, totalCpuMillis);
    }

    private long memoryBytes() {
        if (totalMemoryBytes == 0) {
            return Long.MAX_VALUE;
        }
        long free = Math.min(totalMemoryBytes - declaredMemoryBytes, measuredMemoryBytes);
        return Math.clamp(free, 0, totalMemoryBytes);
    }

    /** Returns free CPU in thousandths of a core, at least 0; without a measured total the slots alone limit. */
    public int freeCpuMillis() {
        return freeCpuMillis;
    }

    /** Returns free memory in bytes, at least 0. */
    public long freeMemoryBytes() {
        return freeMemoryBytes;
    }

    /** Returns whether a report has told what there is. */
    public boolean isMeasured() {
        return totalCpuMillis != 0 || totalMemoryBytes != 0;
    }

    /** Returns all CPU in thousandths of a core; 0 means that it is not known. */
    public int totalCpuMillis() {
        return totalCpuMillis;
    }

    /** Returns all memory in bytes; 0 means that it is not known. */
    public long totalMemoryBytes() {
        return totalMemoryBytes;
    }

    /** Returns whether the demand fits now. */
    public boolean fits(Demand demand) {
        return demand.cpuMillis() <= freeCpuMillis && demand.memoryBytes() <= freeMemoryBytes;
    }

    /** Returns whether the demand would fit if nothing else ran. */
    public boolean couldFit(Demand demand) {
        return (totalCpuMillis == 0 || demand.cpuMillis() <= totalCpuMillis)
                && (totalMemoryBytes == 0 || demand.memoryBytes() <= totalMemoryBytes);
    }
}
