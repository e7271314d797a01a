/// The one front door: publish, read, follow, administer.
@NullMarked
package io.millrace.broker;

import org.jspecify.annotations.NullMarked;
