//! Drives connectors, formats and classifiers over all cores.
