"""The names that the losses of each framework have, from its own source: what a table may hold.

Every loss that is computed from arrays stands here, by each name that it can be called or asked for
by. Read off these releases:

- keras1: Keras 1.2.2, `keras/objectives.py`: functions, and the aliases at the end of the file
- keras2: Keras 2.1.0, `keras/losses.py`: the same
- tf2: TensorFlow 2.15, `tf_keras/src/losses.py`: functions and classes that `tf.keras.losses`
  exports; the last three lines are the aliases at its end (`bce = BCE = binary_crossentropy` to
  `huber_loss = huber`), which `tf.keras.losses.get` takes
- keras3: Keras 3.15.1, `keras/src/losses/__init__.py`: functions, classes and the short names that
  `keras.losses.get` takes
- torch: torch 2, `torch.nn` and `torch.nn.functional`: modules, functions, and the old NLLLoss2d
- sklearn: scikit-learn 1.9.1, `sklearn.metrics`: what is the better the lower it is
- optax: optax 0.2.8, `optax.losses`
"""

_NAMES = {
    "keras1": """mean_squared_error mse MSE mean_absolute_error mae MAE
        mean_absolute_percentage_error mape MAPE mean_squared_logarithmic_error msle MSLE
        squared_hinge hinge binary_crossentropy categorical_crossentropy
        sparse_categorical_crossentropy kullback_leibler_divergence kld KLD poisson
        cosine_proximity cosine""",
    "keras2": """mean_squared_error mse MSE mean_absolute_error mae MAE
        mean_absolute_percentage_error mape MAPE mean_squared_logarithmic_error msle MSLE
        squared_hinge hinge categorical_hinge logcosh binary_crossentropy categorical_crossentropy
        sparse_categorical_crossentropy kullback_leibler_divergence kld KLD poisson
        cosine_proximity cosine""",
    "tf2": """mean_squared_error MeanSquaredError mean_absolute_error MeanAbsoluteError
        mean_absolute_percentage_error MeanAbsolutePercentageError
        mean_squared_logarithmic_error MeanSquaredLogarithmicError huber Huber log_cosh LogCosh
        poisson Poisson kl_divergence KLDivergence cosine_similarity CosineSimilarity hinge Hinge
        squared_hinge SquaredHinge categorical_hinge CategoricalHinge binary_crossentropy
        BinaryCrossentropy binary_focal_crossentropy BinaryFocalCrossentropy
        categorical_crossentropy CategoricalCrossentropy categorical_focal_crossentropy
        CategoricalFocalCrossentropy sparse_categorical_crossentropy
        SparseCategoricalCrossentropy
        bce BCE mse MSE mae MAE mape MAPE msle MSLE kld KLD kullback_leibler_divergence logcosh
        huber_loss""",
    "keras3": """mean_squared_error MeanSquaredError mean_absolute_error MeanAbsoluteError
        mean_absolute_percentage_error MeanAbsolutePercentageError
        mean_squared_logarithmic_error MeanSquaredLogarithmicError huber Huber log_cosh LogCosh
        poisson Poisson kl_divergence KLDivergence cosine_similarity CosineSimilarity hinge Hinge
        squared_hinge SquaredHinge categorical_hinge CategoricalHinge binary_crossentropy bce BCE
        BinaryCrossentropy binary_focal_crossentropy BinaryFocalCrossentropy
        categorical_crossentropy CategoricalCrossentropy categorical_focal_crossentropy
        CategoricalFocalCrossentropy sparse_categorical_crossentropy SparseCategoricalCrossentropy
        categorical_generalized_cross_entropy CategoricalGeneralizedCrossEntropy dice Dice tversky
        Tversky kld KLD mae MAE mse MSE mape MAPE msle MSLE""",
    "torch": """MSELoss mse_loss L1Loss l1_loss HuberLoss huber_loss SmoothL1Loss smooth_l1_loss
        PoissonNLLLoss poisson_nll_loss GaussianNLLLoss gaussian_nll_loss BCELoss
        binary_cross_entropy BCEWithLogitsLoss binary_cross_entropy_with_logits SoftMarginLoss
        soft_margin_loss HingeEmbeddingLoss hinge_embedding_loss CrossEntropyLoss cross_entropy
        NLLLoss nll_loss NLLLoss2d MultiMarginLoss multi_margin_loss KLDivLoss kl_div
        MultiLabelMarginLoss multilabel_margin_loss MultiLabelSoftMarginLoss
        multilabel_soft_margin_loss CosineEmbeddingLoss cosine_embedding_loss MarginRankingLoss
        margin_ranking_loss TripletMarginLoss triplet_margin_loss""",
    "sklearn": """mean_squared_error root_mean_squared_error mean_absolute_error
        median_absolute_error max_error mean_absolute_percentage_error mean_squared_log_error
        root_mean_squared_log_error mean_pinball_loss mean_poisson_deviance mean_gamma_deviance
        mean_tweedie_deviance log_loss hinge_loss brier_score_loss zero_one_loss hamming_loss
        label_ranking_loss coverage_error""",
    "optax": """squared_error l2_loss huber_loss log_cosh cosine_similarity cosine_distance
        sigmoid_binary_cross_entropy sigmoid_focal_loss hinge_loss perceptron_loss sparsemax_loss
        softmax_cross_entropy safe_softmax_cross_entropy softmax_cross_entropy_with_integer_labels
        poly_loss_cross_entropy multiclass_hinge_loss multiclass_perceptron_loss
        multiclass_sparsemax_loss kl_divergence kl_divergence_with_log_targets
        generalized_kl_divergence convex_kl_divergence ranking_softmax_loss dice_loss
        binary_dice_loss multiclass_generalized_dice_loss triplet_margin_loss""",
}
NAMES = {dialect: frozenset(names.split()) for dialect, names in _NAMES.items()}
