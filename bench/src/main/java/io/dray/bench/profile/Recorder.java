package io.dray.bench.profile;

import io.dray.bench.mesh.ThreadTime;
import io.dray.bench.messaging.Bed;
import io.dray.bench.messaging.Part;
import io.dray.bench.messaging.WindowWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records all JVMs of a bed while its window is measured; of several windows the last one stays. Used by one thread. */
final class Recorder implements WindowWatch {
    private final Sampler sampler;
    private final Path folder;
    private final Map<Long, Map<String, ThreadTime>> before = new LinkedHashMap<>();
    private final Map<String, Recording> recordings = new LinkedHashMap<>();

    /** Creates one that writes into an existing folder. */
    Recorder(Sampler sampler, Path folder) {
        this.sampler = sampler;
        this.folder = folder;
    }

    /**
     * What was seen of one process.
     *
     * @param stacks where its threads were while on a core
     * @param threads what the scheduler counted of them
     */
    record Recording(Stacks stacks, List<ThreadTime> threads) {
        /** Copies the list. */
        Recording {
            threads = List.copyOf(threads);
        }
    }

    /** By role, in the order of starting. */
    Map<String, Recording> recordings() {
        return recordings;
    }

    @Override
    public void onReady(Bed bed) {
        jvms(bed).forEach(part -> sampler.load(part.pid()));
    }

    @Override
    public void onBegin(Bed bed) {
        jvms(bed).forEach(part -> sampler.start(part.pid()));
        jvms(bed).forEach(part -> before.put(part.pid(), ThreadTime.of(part.pid())));
    }

    @Override
    public void onEnd(Bed bed) {
        Map<Long, Map<String, ThreadTime>> after = new LinkedHashMap<>();
        jvms(bed).forEach(part -> after.put(part.pid(), ThreadTime.of(part.pid())));
        for (Part part : jvms(bed)) {
            Path file = folder.resolve(part.role() + ".collapsed");
            sampler.stop(part.pid(), file);
            recordings.put(
                    part.role(),
                    new Recording(
                            read(file),
                            ThreadTime.between(
                                    before.getOrDefault(part.pid(), Map.of()),
                                    after.getOrDefault(part.pid(), Map.of()))));
        }
    }

    private static List<Part> jvms(Bed bed) {
        return bed.parts().stream().filter(Part::isJvm).toList();
    }

    private static Stacks read(Path file) {
        try {
            return Stacks.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
