package io.dray.cli;

import picocli.CommandLine.Option;

/** {@code --file}, as far as the command that has it takes one. */
sealed interface FileOption {
    /** The name of the file; empty when there is none. */
    String file();

    /** Whether the command sends what {@link PayloadOptions#isLarge} too. */
    boolean takesLarge();

    /** For commands that attach where no call takes the payload. */
    final class Large implements FileOption {
        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "Send the bytes of a file instead of PAYLOAD, up to 256 MiB.")
        private String file = "";

        @Override
        public String file() {
            return file;
        }

        @Override
        public boolean takesLarge() {
            return true;
        }
    }

    /** For commands that make one call. */
    final class Call implements FileOption {
        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "Send the bytes of a file instead of PAYLOAD, up to 3.9 MiB.")
        private String file = "";

        @Override
        public String file() {
            return file;
        }

        @Override
        public boolean takesLarge() {
            return false;
        }
    }
}
