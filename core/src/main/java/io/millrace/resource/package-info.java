/// Resource documents: reading, checking, canonical form and differences.
@NullMarked
package io.millrace.resource;

import org.jspecify.annotations.NullMarked;
