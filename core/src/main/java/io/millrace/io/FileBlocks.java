package io.millrace.io;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Has the file system give blocks to a file before its bytes are written, so that it need not look
/// for room with every append. The file gets no longer by it.
///
/// Linux only, as Java has no call for it; elsewhere, and where the file system does not know it,
/// nothing happens. Thread-safe.
final class FileBlocks {
    /// `O_WRONLY | O_CLOEXEC`
    private static final int WRITE_ONLY = 0x80001;

    /// `FALLOC_FL_KEEP_SIZE`
    private static final int KEEP_SIZE = 1;

    private final MethodHandle open;
    private final MethodHandle fallocate;
    private final MethodHandle truncate;
    private final MethodHandle close;

    // The server is started with the right to make such calls.
    @SuppressWarnings("restricted")
    private FileBlocks(Linker linker) {
        this.open =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("open"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                        Linker.Option.firstVariadicArg(2));
        this.fallocate =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("fallocate"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG));
        this.truncate =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("ftruncate"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        this.close =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("close"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    /// `null` where the system has no such thing.
    static @Nullable FileBlocks ofSystem() {
        boolean isLinux = System.getProperty("os.name", "").equals("Linux");
        boolean is64Bit = ValueLayout.ADDRESS.byteSize() == Long.BYTES;
        return isLinux && is64Bit ? new FileBlocks(Linker.nativeLinker()) : null;
    }

    /// One file. Not thread-safe.
    final class Reservation {
        private final int file;

        private Reservation(int file) {
            this.file = file;
        }

        /// @return whether the system has done so; if not, writing is all the same
        boolean reserve(long from, long length) {
            try {
                return (int) fallocate.invokeExact(file, KEEP_SIZE, from, length) == 0;
            } catch (Throwable e) {
                throw failed(e);
            }
        }

        /// Gives back what lies behind the end, and ends.
        ///
        /// @param size of the file; nobody writes to it now
        void release(long size) {
            try {
                int _ = (int) truncate.invokeExact(file, size);
                int _ = (int) close.invokeExact(file);
            } catch (Throwable e) {
                throw failed(e);
            }
        }
    }

    /// Opens a file that is there, once more, as Java does not say what the system calls it.
    ///
    /// @return `null` if it cannot be opened
    @Nullable Reservation open(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            int file = (int) open.invokeExact(arena.allocateFrom(path.toString()), WRITE_ONLY);
            return file < 0 ? null : new Reservation(file);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static IllegalStateException failed(Throwable e) {
        return new IllegalStateException("a call of the system failed", e);
    }
}
