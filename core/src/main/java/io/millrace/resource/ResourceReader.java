package io.millrace.resource;

import io.millrace.config.DocumentReader;
import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Quoted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Reads files and request bodies into resource documents. Thread-safe.
public final class ResourceReader {
    public static final int DOCUMENTS_MAX = 1_000;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final DocumentReader documents = new DocumentReader();

    /// Whether this can be the name of a resource.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /// Reads every document of a file. Problems with `kind` and `name` are collected, and their
    /// documents left out.
    ///
    /// @throws MillraceException RESOURCE_INVALID if the text is no YAML or JSON
    public List<ResourceDocument> read(
            Bytes text, DocumentReader.Format format, ProblemCollector problems) {
        List<ObjectNode> trees = documents.read(text, format, ErrorCode.RESOURCE_INVALID);
        if (trees.size() > DOCUMENTS_MAX) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_INVALID,
                    "the file has more than %d documents".formatted(DOCUMENTS_MAX));
        }
        List<ResourceDocument> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < trees.size(); i++) {
            String path = trees.size() == 1 ? "" : "[" + i + "]";
            ResourceDocument document = document(trees.get(i), path, problems);
            if (document != null) {
                if (!names.add(document.kind() + "/" + document.name())) {
                    problems.add(
                            path + ".name",
                            "the file has %s %s twice".formatted(document.kind(), document.name()));
                }
                read.add(document);
            }
        }
        return read;
    }

    /// Reads the one document of a request whose address tells kind and name; the document may
    /// leave them out, but not contradict.
    ///
    /// @throws MillraceException RESOURCE_INVALID
    public ResourceDocument readOne(
            Bytes text, DocumentReader.Format format, String kind, String name) {
        List<ObjectNode> trees = documents.read(text, format, ErrorCode.RESOURCE_INVALID);
        if (trees.size() != 1) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_INVALID,
                    "the body must be one document, but has %d".formatted(trees.size()));
        }
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        ObjectNode tree = trees.getFirst();
        agree(tree, "kind", kind, problems);
        agree(tree, "name", name, problems);
        ResourceDocument document = document(tree, "", problems);
        problems.throwIfAny();
        if (document == null) {
            throw new IllegalStateException("no document although nothing is wrong");
        }
        return document;
    }

    private static void agree(
            ObjectNode tree, String key, String expected, ProblemCollector problems) {
        if (!tree.hasNonNull(key)) {
            tree.put(key, expected);
        } else if (!tree.get(key).isString() || !tree.get(key).stringValue().equals(expected)) {
            problems.add(key, "must be \"%s\", as in the address".formatted(expected));
        }
    }

    private static @Nullable ResourceDocument document(
            ObjectNode tree, String path, ProblemCollector problems) {
        Fields fields = new Fields(tree, path, problems);
        fields.require("kind", "name");
        String kind = fields.string("kind");
        String name = fields.string("name");
        if (name != null && !isName(name)) {
            fields.wrong(
                    "name",
                    "must be 1 to 63 of a-z, 0-9 and -, not beginning with -, but is \"%s\""
                            .formatted(Quoted.shortened(name)));
            return null;
        }
        return kind == null || name == null ? null : new ResourceDocument(kind, name, path, tree);
    }
}
