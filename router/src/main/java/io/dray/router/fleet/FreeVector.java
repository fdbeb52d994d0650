package io.dray.router.fleet;

/**
 * What one node has free, in CPU and memory, by the router's own count. Owned by the dispatcher's thread.
 */
public final class FreeVector {
    /*
     * What is free is the total, less what all open attempts declared, less what others use. The first is exact for what
     * Dray placed and changes at once on assign and complete. The second is what the host used beyond that when it was
     * last measured, and stays as it is until the next report: so a report only corrects drift, and the use of a host is
     * the greater of what is declared and what is measured.
     *
     * CPU is measured between two reports, so it is compared with what was declared between them on average: a task that
     * came and went in that time is neither load of others nor counted twice. Memory is measured at one moment and
     * compared with what is declared then, but for the assignments that the report does not count yet.
     *
     * CPU has a floor: a host that others keep busy still gets a share of its capacity, else its work would never start.
     * Memory has none: it cannot be shared by waiting. A little CPU that others use is no reason to leave the last core
     * empty, which a task would fill exactly: no host is quite idle.
     */

    /** The share of its CPU that a node always offers is 1/4. */
    private static final int CPU_FLOOR_DIVISOR = 4;

    /** The share of its CPU that others may use unnoticed is 1/20. */
    private static final int CPU_NOISE_DIVISOR = 20;

    private int totalCpuMillis;
    private long totalMemoryBytes;
    private long declaredCpuMillis;
    private long declaredMemoryBytes;
    private long othersCpuMillis;
    private long othersMemoryBytes;
    /** Declared CPU times nanoseconds since the last report. */
    private double declaredMillisNanos;

    private long countedNanos;
    private long reportedNanos;
    private int freeCpuMillis = Integer.MAX_VALUE;
    private long freeMemoryBytes = Long.MAX_VALUE;

    /** Takes a demand off. */
    public void take(Demand demand, long nowNanos) {
        count(nowNanos);
        declaredCpuMillis += demand.cpuMillis();
        declaredMemoryBytes += demand.memoryBytes();
        refresh();
    }

    /** Gives a demand back that was taken before. */
    public void give(Demand demand, long nowNanos) {
        count(nowNanos);
        declaredCpuMillis -= demand.cpuMillis();
        declaredMemoryBytes -= demand.memoryBytes();
        refresh();
    }

    private void count(long nowNanos) {
        declaredMillisNanos += (double) declaredCpuMillis * (nowNanos - countedNanos);
        countedNanos = nowNanos;
    }

    /** Finds anew what others use, by a report that does not count some of the declared memory yet. */
    public void correct(NodeFigures figures, long uncountedMemoryBytes, long nowNanos) {
        count(nowNanos);
        totalCpuMillis = figures.totalCpuMillis();
        totalMemoryBytes = figures.totalMemoryBytes();
        double usedCpuMillis = Math.max(0, totalCpuMillis - figures.freeCpuMillis());
        othersCpuMillis = (long) Math.max(0, usedCpuMillis - meanDeclaredCpuMillis());
        if (othersCpuMillis <= totalCpuMillis / CPU_NOISE_DIVISOR) {
            othersCpuMillis = 0;
        }
        long usedMemoryBytes = Math.max(0, totalMemoryBytes - figures.freeMemoryBytes());
        othersMemoryBytes = Math.max(0, usedMemoryBytes - declaredMemoryBytes + uncountedMemoryBytes);
        declaredMillisNanos = 0;
        reportedNanos = nowNanos;
        refresh();
    }

    private double meanDeclaredCpuMillis() {
        long passed = countedNanos - reportedNanos;
        return isMeasured() && passed > 0 ? declaredMillisNanos / passed : declaredCpuMillis;
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
        long others = Math.min(othersCpuMillis, totalCpuMillis - totalCpuMillis / CPU_FLOOR_DIVISOR);
        return Math.clamp(totalCpuMillis - others - declaredCpuMillis, 0, totalCpuMillis);
    }

    private long memoryBytes() {
        if (totalMemoryBytes == 0) {
            return Long.MAX_VALUE;
        }
        return Math.clamp(totalMemoryBytes - othersMemoryBytes - declaredMemoryBytes, 0, totalMemoryBytes);
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
