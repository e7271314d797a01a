/// Where the HTTP API listens, and what a client may use up.
@NullMarked
package io.millrace.gateway.http.config;

import org.jspecify.annotations.NullMarked;
