package io.millrace.broker.view;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Disk;
import io.millrace.view.ViewStore;
import io.millrace.view.ViewStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of views: a folder `NAME.INCARNATION` for each, in it `1.view`, and `2.view` while the
/// view is made anew, which then takes the first one's place, and so on. Thread-safe, but one
/// thread at a time for each view.
final class ViewFiles {
    /// A note in the file: what its content depends on.
    static final String DEFINITION = "definition";

    /// A note in the file: that it has caught up with history once.
    static final String COMPLETE = "complete";

    private static final Logger LOG = LoggerFactory.getLogger(ViewFiles.class);
    private static final String SUFFIX = ".view";

    private final Path root;
    private final Disk disk;
    private final ViewStores stores;

    ViewFiles(Path data, Disk disk, ViewStores stores) {
        this.root = data.resolve("views");
        this.disk = disk;
        this.stores = stores;
    }

    /// An open file.
    record Opened(int number, ViewStore store) {}

    private Path folder(String name, int incarnation) {
        return root.resolve(name + "." + incarnation);
    }

    /// Opens what is there, by number; what cannot be read is set aside with the suffix `.damaged`.
    List<Opened> open(String name, int incarnation) {
        List<Opened> opened = new ArrayList<>();
        try {
            Path folder = folder(name, incarnation);
            for (int number : numbers(folder)) {
                Path file = folder.resolve(number + SUFFIX);
                try {
                    opened.add(new Opened(number, stores.open(file)));
                } catch (MillraceException e) {
                    LOG.error("A file of the view {} is damaged and set aside", name, e);
                    disk.rename(file, folder.resolve(number + ".damaged"));
                }
            }
        } catch (IOException e) {
            opened.forEach(each -> each.store.abandon());
            throw failed(name, e);
        }
        return opened;
    }

    private List<Integer> numbers(Path folder) throws IOException {
        return disk.list(folder).stream()
                .filter(file -> file.matches("[0-9]{1,9}\\.view"))
                .map(file -> Integer.valueOf(file.substring(0, file.length() - SUFFIX.length())))
                .sorted()
                .toList();
    }

    /// Opens a file, or makes a new one.
    Opened open(String name, int incarnation, int number) {
        try {
            Path folder = folder(name, incarnation);
            disk.createFolders(folder);
            disk.syncFolder(root);
            Opened made = new Opened(number, stores.open(folder.resolve(number + SUFFIX)));
            disk.syncFolder(folder);
            return made;
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    /// Deletes a file that nobody has open.
    void delete(String name, int incarnation, int number) {
        try {
            disk.delete(folder(name, incarnation).resolve(number + SUFFIX));
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    /// Deletes all files of a view.
    void delete(String name, int incarnation) {
        try {
            Path folder = folder(name, incarnation);
            if (disk.exists(folder)) {
                for (String file : disk.list(folder)) {
                    disk.delete(folder.resolve(file));
                }
                disk.delete(folder);
                disk.syncFolder(root);
            }
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    /// Incarnations that folders are there for.
    Collection<Integer> incarnations() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String folder : disk.list(root)) {
            String number = folder.substring(folder.lastIndexOf('.') + 1);
            if (number.matches("[0-9]{1,9}")) {
                numbers.add(Integer.valueOf(number));
            }
        }
        return numbers;
    }

    private static MillraceException failed(String name, IOException e) {
        return new MillraceException(
                ErrorCode.VIEW_FAILED, "the files of the view %s: %s".formatted(name, e), e);
    }
}
