package io.millrace.gateway.http;

import io.vertx.core.http.HttpHeaders;

/// Header names and values, encoded once.
final class Headers {
    static final CharSequence CONTENT_TYPE = HttpHeaders.CONTENT_TYPE;
    static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    static final CharSequence PROBLEM = HttpHeaders.createOptimized(ProblemDocument.MEDIA_TYPE);
    static final CharSequence CLOSE = HttpHeaders.createOptimized("close");
    static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
    static final CharSequence ONE = HttpHeaders.createOptimized("1");
    static final CharSequence ALLOW = HttpHeaders.createOptimized("allow");
    static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("cache-control");
    static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private Headers() {}
}
