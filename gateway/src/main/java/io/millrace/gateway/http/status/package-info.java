/// How the server and its streams are: health, status, metrics.
@NullMarked
package io.millrace.gateway.http.status;

import org.jspecify.annotations.NullMarked;
