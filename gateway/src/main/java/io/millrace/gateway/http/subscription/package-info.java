/// The CloudEvents Subscriptions API over the same subscriptions as everything else.
@NullMarked
package io.millrace.gateway.http.subscription;

import org.jspecify.annotations.NullMarked;
