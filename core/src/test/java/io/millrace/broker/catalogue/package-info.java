/// Tests of what a data folder is.
@NullMarked
package io.millrace.broker.catalogue;

import org.jspecify.annotations.NullMarked;
