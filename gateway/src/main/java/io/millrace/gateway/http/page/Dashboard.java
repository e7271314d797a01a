package io.millrace.gateway.http.page;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The dashboard's files, from the folder `dashboard/` of the class path. They are part of the
/// program and do not change while it runs, so each is read once.
public final class Dashboard implements Endpoint {
    static final String PATH = "/dashboard";
    private static final String FOLDER = "dashboard";
    private static final String INDEX = "/index.html";

    /// Only what is here is served: no other path reaches the class path.
    private static final Pattern SAFE =
            Pattern.compile("(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}){1,6}");

    /// The build names assets after their content.
    private static final Pattern HASHED =
            Pattern.compile("/assets/.+[-.][A-Za-z0-9_-]{8,}\\.[a-z0-9]+");

    private static final Map<String, String> MEDIA_TYPES =
            Map.ofEntries(
                    Map.entry("html", "text/html; charset=utf-8"),
                    Map.entry("js", "text/javascript; charset=utf-8"),
                    Map.entry("css", "text/css; charset=utf-8"),
                    Map.entry("json", "application/json"),
                    Map.entry("map", "application/json"),
                    Map.entry("svg", "image/svg+xml"),
                    Map.entry("png", "image/png"),
                    Map.entry("ico", "image/x-icon"),
                    Map.entry("woff2", "font/woff2"),
                    Map.entry("txt", "text/plain; charset=utf-8"),
                    Map.entry("webmanifest", "application/manifest+json"));

    private static final String POLICY =
            "default-src 'self';"
                    + " object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final ClassLoader loader;
    private final Map<String, Answer> files = new ConcurrentHashMap<>();

    public Dashboard(ClassLoader loader) {
        this.loader = loader;
    }

    /// `GET /`.
    public Answer redirect(Call call) {
        return Answer.empty(302).with("location", PATH + "/");
    }

    @Override
    public Answer serve(Call call) {
        String path = call.target().path();
        if (path.equals(PATH)) {
            return redirect(call);
        }
        String file = path.substring(PATH.length());
        Answer found = file(file.equals("/") ? INDEX : file);
        if (found == null && !file.substring(file.lastIndexOf('/')).contains(".")) {
            // A place inside the page, which finds its way by itself.
            found = file(INDEX);
        }
        if (found == null) {
            return missing();
        }
        String known = call.header("if-none-match");
        String tag = found.headers().get("etag");
        boolean same = known != null && tag != null && (known.equals("*") || known.contains(tag));
        return same ? new Answer(304, null, new byte[0], found.headers()) : found;
    }

    private Answer missing() {
        if (file(INDEX) != null) {
            throw new MillraceException(ErrorCode.NOT_FOUND, "the dashboard has no such file");
        }
        return Answer.text(
                404,
                """
                This server was built without its dashboard: that needs Node 20 or newer.
                Install it and build again. Everything else works without.
                """);
    }

    private @Nullable Answer file(String path) {
        if (!SAFE.matcher(path).matches()) {
            return null;
        }
        Answer cached = files.get(path);
        if (cached != null) {
            return cached;
        }
        try (InputStream in = loader.getResourceAsStream(FOLDER + path)) {
            if (in == null) {
                return null;
            }
            Answer read = answer(path, in.readAllBytes());
            files.put(path, read);
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer answer(String path, byte[] content) {
        String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        Map<String, String> headers = new LinkedHashMap<>();
        boolean hashed = HASHED.matcher(path).matches();
        headers.put("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
        headers.put("etag", tag(content));
        headers.put("content-security-policy", POLICY);
        headers.put("x-content-type-options", "nosniff");
        headers.put("referrer-policy", "no-referrer");
        String type = MEDIA_TYPES.getOrDefault(extension, "application/octet-stream");
        return new Answer(200, type, content, headers);
    }

    private static String tag(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        return "\"%08x-%x\"".formatted(checksum.getValue(), content.length);
    }
}
