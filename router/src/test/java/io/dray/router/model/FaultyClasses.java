package io.dray.router.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The router's classes once more, with a fault compiled into some of them; all others are those of the build. */
final class FaultyClasses extends ClassLoader {
    private static final String ROOT = "io.dray.router.";
    /** The contract's classes are large and carry no fault. */
    private static final String CONTRACT = "io.dray.router.v1.";

    private static final Pattern WORDS_AND_SIGNS = Pattern.compile("\\w+|\\S");

    private final ClassLoader build;
    private final Map<String, byte[]> compiled;

    private FaultyClasses(ClassLoader build, Map<String, byte[]> compiled) {
        super(build);
        this.build = build;
        this.compiled = compiled;
    }

    /** Plants a fault in the sources below a folder; a text that is not there exactly once is an error. */
    static FaultyClasses with(Fault fault, Path router) {
        Map<Path, String> sources = read(router);
        Map<Path, String> changed = new TreeMap<>();
        for (Fault.Edit edit : fault.edits()) {
            Path file = fileOf(edit, sources, fault);
            String source = changed.getOrDefault(file, sources.getOrDefault(file, ""));
            changed.put(
                    file, pattern(edit.find()).matcher(source).replaceFirst(Matcher.quoteReplacement(edit.replace())));
        }
        return new FaultyClasses(FaultyClasses.class.getClassLoader(), compile(changed));
    }

    private static Map<Path, String> read(Path router) {
        Map<Path, String> sources = new TreeMap<>();
        for (String folder : List.of("src/main/java", "src/test/java/io/dray/router/model")) {
            try (Stream<Path> files = Files.walk(router.resolve(folder))) {
                for (Path file : files.filter(FaultyClasses::isFaultless).toList()) {
                    sources.put(file, Files.readString(file));
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return sources;
    }

    /** The list of the faults has all texts too. */
    private static boolean isFaultless(Path file) {
        return file.toString().endsWith(".java") && !file.endsWith("Fault.java");
    }

    private static Path fileOf(Fault.Edit edit, Map<Path, String> sources, Fault fault) {
        List<Path> found = new ArrayList<>();
        sources.forEach(
                (file, source) -> pattern(edit.find()).matcher(source).results().forEach(_ -> found.add(file)));
        if (found.size() != 1) {
            throw new IllegalStateException("fault \"" + fault + "\": the text is found in " + found
                    + " (expected: once; the code has changed, so change the fault): " + edit.find());
        }
        return found.getFirst();
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(WORDS_AND_SIGNS
                .matcher(text)
                .results()
                .map(part -> Pattern.quote(part.group()))
                .collect(Collectors.joining("\\s*")));
    }

    private static Map<String, byte[]> compile(Map<Path, String> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Memory memory = new Memory(files)) {
            List<String> options = List.of(
                    "-proc:none", "-implicit:none", "-nowarn", "-classpath", System.getProperty("java.class.path", ""));
            List<Source> units = sources.entrySet().stream()
                    .map(source -> new Source(source.getKey(), source.getValue()))
                    .toList();
            if (!compiler.getTask(output, memory, null, options, null, units).call()) {
                throw new IllegalStateException("a fault does not compile: " + output);
            }
            return memory.classes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(Path file, String text) {
            super(file.toUri(), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Compiled extends SimpleJavaFileObject {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Compiled(String name) {
            super(URI.create("memory:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
        }

        @Override
        public OutputStream openOutputStream() {
            return bytes;
        }
    }

    /** Keeps what is compiled in memory. */
    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, Compiled> outputs = new HashMap<>();

        Memory(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, Kind kind, @Nullable FileObject sibling) {
            return outputs.computeIfAbsent(className, Compiled::new);
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new HashMap<>();
            outputs.forEach((name, output) -> classes.put(name, output.bytes.toByteArray()));
            return classes;
        }
    }

    /** All of the router belongs together: package-private names are seen by classes of one loader only. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(ROOT) || name.startsWith(CONTRACT)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = compiled.get(name);
        if (bytes == null) {
            bytes = built(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] built(String name) throws ClassNotFoundException {
        try (InputStream file = build.getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return file.readAllBytes();
        } catch (IOException failure) {
            throw new ClassNotFoundException(name, failure);
        }
    }

    /** Returns the first law that a seed breaks with the fault; empty when it keeps all. */
    String broken(long seed) throws ReflectiveOperationException {
        Object broken = loadClass(ModelRun.class.getName())
                .getMethod("broken", long.class)
                .invoke(null, seed);
        return String.valueOf(broken);
    }
}
