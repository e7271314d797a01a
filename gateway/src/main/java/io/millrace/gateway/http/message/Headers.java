package io.millrace.gateway.http.message;

import io.vertx.core.http.HttpHeaders;

/// Header names and values, encoded once.
public final class Headers {
    public static final CharSequence CONTENT_TYPE = HttpHeaders.CONTENT_TYPE;
    public static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    public static final CharSequence PROBLEM =
            HttpHeaders.createOptimized(ProblemDocument.MEDIA_TYPE);
    public static final CharSequence CLOSE = HttpHeaders.createOptimized("close");
    public static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
    public static final CharSequence ONE = HttpHeaders.createOptimized("1");
    public static final CharSequence ALLOW = HttpHeaders.createOptimized("allow");
    static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("cache-control");
    static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private Headers() {}
}
