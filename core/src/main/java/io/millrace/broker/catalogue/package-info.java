/// The resources that exist, how they are kept, and the seam to those that make them work.
@NullMarked
package io.millrace.broker.catalogue;

import org.jspecify.annotations.NullMarked;
