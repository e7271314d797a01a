package io.millrace.query.sql.function;

/// Distances along the surface of the earth as WGS 84 has it.
///
/// Vincenty's inverse formula (Survey Review 176, 1975), good to less than a millimetre. It does
/// not settle for places that lie almost opposite each other on the earth; for these the great
/// circle of a sphere with the earth's mean radius stands in, wrong by up to 0.6 %.
final class Ellipsoid {
    private static final double EQUATOR_RADIUS = 6_378_137.0;
    private static final double FLATTENING = 1 / 298.257223563;
    private static final double POLE_RADIUS = EQUATOR_RADIUS * (1 - FLATTENING);
    private static final double MEAN_RADIUS = 6_371_008.7714;
    private static final int ROUNDS_MAX = 100;

    private Ellipsoid() {}

    /// Whether these are places: latitudes in -90..90, longitudes in -180..360.
    static boolean isPlace(double latitude, double longitude) {
        // Written so that NaN is none.
        return latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 360;
    }

    /// @param latitude1 degrees, like all of them
    /// @return metres
    static double distance(
            double latitude1, double longitude1, double latitude2, double longitude2) {
        double turn = Math.toRadians(Math.IEEEremainder(longitude2 - longitude1, 360));
        if (turn == 0 && latitude1 == latitude2) {
            return 0;
        }
        double exact = vincenty(reduced(latitude1), reduced(latitude2), turn);
        return Double.isNaN(exact)
                ? greatCircle(Math.toRadians(latitude1), Math.toRadians(latitude2), turn)
                : exact;
    }

    private static double reduced(double latitude) {
        return Math.atan((1 - FLATTENING) * Math.tan(Math.toRadians(latitude)));
    }

    /// @return NaN if it does not settle
    private static double vincenty(double u1, double u2, double turn) {
        double sinU1 = Math.sin(u1);
        double cosU1 = Math.cos(u1);
        double sinU2 = Math.sin(u2);
        double cosU2 = Math.cos(u2);
        double lambda = turn;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            double sinLambda = Math.sin(lambda);
            double cosLambda = Math.cos(lambda);
            double sinSigma =
                    Math.hypot(cosU2 * sinLambda, cosU1 * sinU2 - sinU1 * cosU2 * cosLambda);
            if (sinSigma == 0) {
                return lambda == 0 ? 0 : Double.NaN;
            }
            double cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cosLambda;
            double sigma = Math.atan2(sinSigma, cosSigma);
            double sinAlpha = cosU1 * cosU2 * sinLambda / sinSigma;
            double cos2Alpha = 1 - sinAlpha * sinAlpha;
            // On the equator there is no middle latitude.
            double cosMiddle = cos2Alpha < 1e-15 ? 0 : cosSigma - 2 * sinU1 * sinU2 / cos2Alpha;
            double c = FLATTENING / 16 * cos2Alpha * (4 + FLATTENING * (4 - 3 * cos2Alpha));
            double before = lambda;
            double middle2 = 2 * cosMiddle * cosMiddle - 1;
            lambda =
                    turn
                            + (1 - c)
                                    * FLATTENING
                                    * sinAlpha
                                    * (sigma + c * sinSigma * (cosMiddle + c * cosSigma * middle2));
            if (Math.abs(lambda) > Math.PI) {
                return Double.NaN;
            }
            if (Math.abs(lambda - before) < 1e-12) {
                return length(cos2Alpha, sigma, cosMiddle);
            }
        }
        return Double.NaN;
    }

    private static double length(double cos2Alpha, double sigma, double cosMiddle) {
        double ratio = EQUATOR_RADIUS / POLE_RADIUS;
        double square = cos2Alpha * (ratio * ratio - 1);
        double a = 1 + square / 16384 * (4096 + square * (-768 + square * (320 - 175 * square)));
        double b = square / 1024 * (256 + square * (-128 + square * (74 - 47 * square)));
        double sin = Math.sin(sigma);
        double cos = Math.cos(sigma);
        double middle2 = cosMiddle * cosMiddle;
        double inner = cos * (2 * middle2 - 1);
        double outer = b / 6 * cosMiddle * (4 * sin * sin - 3) * (4 * middle2 - 3);
        double correction = b * sin * (cosMiddle + b / 4 * (inner - outer));
        return POLE_RADIUS * a * (sigma - correction);
    }

    private static double greatCircle(double latitude1, double latitude2, double turn) {
        double up = Math.sin((latitude2 - latitude1) / 2);
        double round = Math.sin(turn / 2);
        double h = up * up + Math.cos(latitude1) * Math.cos(latitude2) * round * round;
        return 2 * MEAN_RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
    }
}
