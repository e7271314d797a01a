/// Subscriptions: moved, paused, asked why.
@NullMarked
package io.millrace.gateway.http.subscription;

import org.jspecify.annotations.NullMarked;
